import { ActionIcon, Button, Select, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceLandlinePhone, IconUserPlus } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Role, User } from "@/api/types";
import { useMay, useSession } from "@/features/session/session";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { PageHead } from "@/ui/PageHead";
import { Toned } from "@/ui/Toned";
import { PhonesDrawer } from "./PhonesDrawer";
import { UserDialog } from "./UserDialog";
import { usePatchUser, useUsers } from "./users";

const POLICIES: readonly NonNullable<User["recording"]>[] = ["always", "on_demand", "never"];

export const ROLES: readonly Role[] = ["agent", "supervisor", "marketer", "admin"];

export function UsersPage() {
  const { t } = useTranslation();
  const may = useMay();
  const me = useSession().user.id;
  const query = useUsers();
  const { mutate } = usePatchUser();
  const manage = may("manage_users");
  const lead = may("set_agent_state");
  const [creating, { open, close }] = useDisclosure(false);
  const [phonesOf, setPhonesOf] = useState<User | null>(null);
  const columns = useMemo<Column<User>[]>(
    () => [
      {
        id: "name",
        header: t("users.name"),
        cell: (user) => (
          <>
            <Text size="sm" fw={500}>
              {user.display_name}
            </Text>
            <Text size="xs" c="dimmed">
              {user.email}
            </Text>
          </>
        ),
      },
      {
        id: "role",
        header: t("users.role"),
        width: 200,
        cell: (user) =>
          manage && user.id !== me ? (
            <Select
              aria-label={t("users.role_of", { name: user.display_name })}
              allowDeselect={false}
              data={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
              value={user.role}
              onChange={(role) => role && mutate({ id: user.id, body: { role: role as Role } })}
            />
          ) : (
            t(`roles.${user.role}`)
          ),
      },
      {
        id: "active",
        header: t("users.active"),
        from: "sm",
        width: 160,
        cell: (user) =>
          manage && user.id !== me ? (
            <Switch
              aria-label={t("users.active_of", { name: user.display_name })}
              label={t(user.active ? "users.is_active" : "users.is_inactive")}
              checked={user.active}
              onChange={(event) =>
                mutate({ id: user.id, body: { active: event.currentTarget.checked } })
              }
            />
          ) : (
            <Toned shape={user.active ? "disc" : "ring"} tone={user.active ? "good" : "off"}>
              {t(user.active ? "users.is_active" : "users.is_inactive")}
            </Toned>
          ),
      },
      ...(lead ? [recordingColumn(t, mutate), redirectColumn(t, mutate)] : []),
      ...(manage ? [phonesColumn(t, setPhonesOf)] : []),
    ],
    [t, manage, lead, me, mutate],
  );
  return (
    <>
      <PageHead title={t("nav.users")}>
        {manage && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
            {t("users.new")}
          </Button>
        )}
      </PageHead>
      <ListPage label={t("nav.users")} query={query} columns={columns} />
      <UserDialog opened={creating} close={close} />
      <PhonesDrawer user={phonesOf} close={() => setPhonesOf(null)} />
    </>
  );
}

/** Whether a user's calls are recorded. */
function recordingColumn(
  t: TFunction,
  mutate: ReturnType<typeof usePatchUser>["mutate"],
): Column<User> {
  return {
    id: "recording",
    header: t("users.recording"),
    from: "md",
    width: 220,
    cell: (user) => (
      <Select
        aria-label={t("users.recording_of", { name: user.display_name })}
        allowDeselect={false}
        data={[
          { value: "", label: t("users.recording_house") },
          ...POLICIES.map((value) => ({ value, label: t(`queues.record.${value}`) })),
        ]}
        value={user.recording ?? ""}
        onChange={(value) => {
          const policy = POLICIES.find((policy) => policy === value);
          mutate({ id: user.id, body: { recording: policy ?? null } });
        }}
      />
    ),
  };
}

/** Whether a telephone may send its calls elsewhere; supervisors decide it too. */
function redirectColumn(
  t: TFunction,
  mutate: ReturnType<typeof usePatchUser>["mutate"],
): Column<User> {
  return {
    id: "redirect",
    header: t("users.redirect"),
    from: "sm",
    width: 200,
    cell: (user) => (
      <Switch
        aria-label={t("users.redirect_of", { name: user.display_name })}
        label={t(user.redirect_allowed ? "users.redirect_on" : "users.redirect_off")}
        checked={user.redirect_allowed}
        onChange={(event) =>
          mutate({ id: user.id, body: { redirect_allowed: event.currentTarget.checked } })
        }
      />
    ),
  };
}

/** The way to a user's telephones, for those who give them out. */
function phonesColumn(t: TFunction, open: (user: User) => void): Column<User> {
  return {
    id: "phones",
    header: "",
    align: "right",
    width: 60,
    cell: (user) => (
      <ActionIcon
        aria-label={t("phones.of", { name: user.display_name })}
        onClick={() => open(user)}
      >
        <IconDeviceLandlinePhone size={18} aria-hidden />
      </ActionIcon>
    ),
  };
}
