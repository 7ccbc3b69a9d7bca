//! Those whom the company talks with, and what it does for them.

crate::dialect::step!(
    r"
CREATE TABLE companies (
    id {uuid} PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    domain TEXT,
    phone TEXT,
    country TEXT,
    industry TEXT,
    notes TEXT NOT NULL,
    sort_name {sorted} NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    archived_at {time}
);
CREATE INDEX companies_sort ON companies (sort_name, id);

CREATE TABLE contacts (
    id {uuid} PRIMARY KEY NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    company_id {uuid} REFERENCES companies(id),
    job_title TEXT,
    language TEXT,
    time_zone TEXT,
    notes TEXT NOT NULL,
    owner_id {uuid} REFERENCES users(id),
    status TEXT NOT NULL,
    sort_name {sorted} NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    archived_at {time}
);
CREATE INDEX contacts_sort ON contacts (sort_name, id);
CREATE INDEX contacts_company ON contacts (company_id);

CREATE TABLE contact_phones (
    id {uuid} PRIMARY KEY NOT NULL,
    contact_id {uuid} NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    e164 TEXT NOT NULL,
    extension TEXT,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX contact_phones_contact ON contact_phones (contact_id);
CREATE INDEX contact_phones_e164 ON contact_phones (e164);

CREATE TABLE contact_emails (
    id {uuid} PRIMARY KEY NOT NULL,
    contact_id {uuid} NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX contact_emails_contact ON contact_emails (contact_id);
CREATE INDEX contact_emails_address ON contact_emails (address);

CREATE TABLE leads (
    id {uuid} PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    source TEXT,
    contact_id {uuid} REFERENCES contacts(id),
    company_id {uuid} REFERENCES companies(id),
    owner_id {uuid} REFERENCES users(id),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX leads_created ON leads (created_at, id);
CREATE INDEX leads_contact ON leads (contact_id);

-- number is what people say to each other: #1042.
CREATE TABLE tickets (
    id {uuid} PRIMARY KEY NOT NULL,
    number BIGINT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    priority TEXT NOT NULL,
    kind TEXT NOT NULL,
    contact_id {uuid} REFERENCES contacts(id),
    company_id {uuid} REFERENCES companies(id),
    owner_id {uuid} REFERENCES users(id),
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX tickets_contact ON tickets (contact_id);

-- Serial numbers without gaps: taken in the transaction that uses them.
CREATE TABLE counters (
    name TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('ticket', 1000);
"
);
