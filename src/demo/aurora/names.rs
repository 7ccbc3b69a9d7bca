//! Where Aurora's customers come from and what they are called. Any likeness to a person is chance.

/// A customer's country: it gives names, language, time zone and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Country {
    Spain,
    Britain,
    UnitedStates,
    Canada,
    Mexico,
    Argentina,
    Colombia,
    France,
    Germany,
    China,
    Taiwan,
    Singapore,
    Australia,
}

/// How many contacts come from where; 200 in all.
pub const SHARES: &[(Country, usize)] = &[
    (Country::Spain, 62),
    (Country::Britain, 30),
    (Country::UnitedStates, 26),
    (Country::China, 24),
    (Country::Mexico, 14),
    (Country::Germany, 9),
    (Country::France, 9),
    (Country::Argentina, 7),
    (Country::Colombia, 5),
    (Country::Canada, 5),
    (Country::Taiwan, 4),
    (Country::Australia, 3),
    (Country::Singapore, 2),
];

impl Country {
    /// ISO 3166-1 alpha-2.
    pub fn code(self) -> &'static str {
        match self {
            Self::Spain => "ES",
            Self::Britain => "GB",
            Self::UnitedStates => "US",
            Self::Canada => "CA",
            Self::Mexico => "MX",
            Self::Argentina => "AR",
            Self::Colombia => "CO",
            Self::France => "FR",
            Self::Germany => "DE",
            Self::China => "CN",
            Self::Taiwan => "TW",
            Self::Singapore => "SG",
            Self::Australia => "AU",
        }
    }

    /// The IANA zone of the place that most customers live in.
    pub fn time_zone(self) -> &'static str {
        match self {
            Self::Spain => "Europe/Madrid",
            Self::Britain => "Europe/London",
            Self::UnitedStates => "America/New_York",
            Self::Canada => "America/Toronto",
            Self::Mexico => "America/Mexico_City",
            Self::Argentina => "America/Argentina/Buenos_Aires",
            Self::Colombia => "America/Bogota",
            Self::France => "Europe/Paris",
            Self::Germany => "Europe/Berlin",
            Self::China => "Asia/Shanghai",
            Self::Taiwan => "Asia/Taipei",
            Self::Singapore => "Asia/Singapore",
            Self::Australia => "Australia/Sydney",
        }
    }

    /// The language that people there write in (ISO 639-1).
    pub fn language(self) -> &'static str {
        match self {
            Self::Spain | Self::Mexico | Self::Argentina | Self::Colombia => "es",
            Self::Britain | Self::UnitedStates | Self::Canada | Self::Australia | Self::Singapore => "en",
            Self::France => "fr",
            Self::Germany => "de",
            Self::China | Self::Taiwan => "zh",
        }
    }

    /// First and last names in use there. Each list is the name as written and as a mail address spells it.
    pub fn names(self) -> (&'static [Name], &'static [Name]) {
        match self {
            Self::Spain | Self::Mexico | Self::Argentina | Self::Colombia => (SPANISH_FIRST, SPANISH_LAST),
            Self::Britain | Self::UnitedStates | Self::Canada | Self::Australia => {
                (ENGLISH_FIRST, ENGLISH_LAST)
            }
            Self::France => (FRENCH_FIRST, FRENCH_LAST),
            Self::Germany => (GERMAN_FIRST, GERMAN_LAST),
            Self::China | Self::Taiwan => (CHINESE_FIRST, CHINESE_LAST),
            Self::Singapore => (SINGAPORE_FIRST, SINGAPORE_LAST),
        }
    }
}

/// A name as written, and in ASCII.
pub type Name = (&'static str, &'static str);

const SPANISH_FIRST: &[Name] = &[
    ("Lucía", "lucia"),
    ("Marta", "marta"),
    ("Álvaro", "alvaro"),
    ("Sergio", "sergio"),
    ("Inés", "ines"),
    ("Joaquín", "joaquin"),
    ("Rocío", "rocio"),
    ("Begoña", "begona"),
    ("Íñigo", "inigo"),
    ("Nuria", "nuria"),
    ("Raúl", "raul"),
    ("Elena", "elena"),
    ("Tomás", "tomas"),
    ("Carmen", "carmen"),
    ("Andrés", "andres"),
    ("Valeria", "valeria"),
    ("Ximena", "ximena"),
    ("Emilio", "emilio"),
    ("Paula", "paula"),
    ("Héctor", "hector"),
];
const SPANISH_LAST: &[Name] = &[
    ("Ibáñez Mora", "ibanez"),
    ("Peñalver Ruiz", "penalver"),
    ("Quintana", "quintana"),
    ("Salvatierra", "salvatierra"),
    ("Nogales Vega", "nogales"),
    ("Arrieta", "arrieta"),
    ("Olmedo Cruz", "olmedo"),
    ("Vidal Soler", "vidal"),
    ("Zubiri", "zubiri"),
    ("Carrasco", "carrasco"),
    ("Montalbán", "montalban"),
    ("Figueroa", "figueroa"),
    ("Castañeda", "castaneda"),
    ("Rebollo Sanz", "rebollo"),
    ("Urrutia", "urrutia"),
    ("Güell", "guell"),
    ("Lozano Prieto", "lozano"),
    ("Tejada", "tejada"),
];
const ENGLISH_FIRST: &[Name] = &[
    ("Harriet", "harriet"),
    ("Owen", "owen"),
    ("Priya", "priya"),
    ("Callum", "callum"),
    ("Naomi", "naomi"),
    ("Desmond", "desmond"),
    ("Fiona", "fiona"),
    ("Marcus", "marcus"),
    ("Imogen", "imogen"),
    ("Tyrone", "tyrone"),
    ("Beatrice", "beatrice"),
    ("Leon", "leon"),
    ("Abigail", "abigail"),
    ("Rajesh", "rajesh"),
    ("Siobhan", "siobhan"),
    ("Grant", "grant"),
    ("Tamsin", "tamsin"),
    ("Curtis", "curtis"),
];
const ENGLISH_LAST: &[Name] = &[
    ("Ashworth", "ashworth"),
    ("Pemberton", "pemberton"),
    ("O'Shea", "oshea"),
    ("Whitlock", "whitlock"),
    ("Okafor", "okafor"),
    ("Mehta", "mehta"),
    ("Thornbury", "thornbury"),
    ("Langley", "langley"),
    ("Delacroix", "delacroix"),
    ("Hargreaves", "hargreaves"),
    ("Castellano", "castellano"),
    ("McAllister", "mcallister"),
    ("Winslow", "winslow"),
    ("Fairbanks", "fairbanks"),
    ("Yeboah", "yeboah"),
    ("St. Clair", "stclair"),
];
const FRENCH_FIRST: &[Name] = &[
    ("Amélie", "amelie"),
    ("Théo", "theo"),
    ("Clémence", "clemence"),
    ("Benoît", "benoit"),
    ("Océane", "oceane"),
    ("Jérôme", "jerome"),
];
const FRENCH_LAST: &[Name] = &[
    ("Lefèvre", "lefevre"),
    ("Marchand", "marchand"),
    ("Beaufort", "beaufort"),
    ("d'Arcy", "darcy"),
    ("Pruvost", "pruvost"),
];
const GERMAN_FIRST: &[Name] = &[
    ("Jürgen", "juergen"),
    ("Anneliese", "anneliese"),
    ("Torsten", "torsten"),
    ("Käthe", "kaethe"),
    ("Matthias", "matthias"),
    ("Friederike", "friederike"),
];
const GERMAN_LAST: &[Name] = &[
    ("Strauß", "strauss"),
    ("Böhmer", "boehmer"),
    ("Kessler", "kessler"),
    ("von Thalberg", "thalberg"),
    ("Lindner", "lindner"),
];
const CHINESE_FIRST: &[Name] = &[
    ("伟", "wei"),
    ("秀英", "xiuying"),
    ("思远", "siyuan"),
    ("晓燕", "xiaoyan"),
    ("建国", "jianguo"),
    ("雨桐", "yutong"),
    ("志强", "zhiqiang"),
    ("梦洁", "mengjie"),
    ("浩然", "haoran"),
    ("丽华", "lihua"),
    ("子涵", "zihan"),
    ("文博", "wenbo"),
];
const CHINESE_LAST: &[Name] = &[
    ("王", "wang"),
    ("李", "li"),
    ("张", "zhang"),
    ("陈", "chen"),
    ("刘", "liu"),
    ("赵", "zhao"),
    ("黄", "huang"),
    ("周", "zhou"),
    ("欧阳", "ouyang"),
    ("林", "lin"),
];
const SINGAPORE_FIRST: &[Name] = &[("Wei Ling", "weiling"), ("Arjun", "arjun"), ("Siti", "siti")];
const SINGAPORE_LAST: &[Name] = &[("Tan", "tan"), ("Krishnan", "krishnan"), ("Rahman", "rahman")];
