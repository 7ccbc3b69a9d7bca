import { Alert, Button, Center, Loader, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/i18n/problems";

/** Waiting, in words for those who do not see the wheel. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <Center p="xl" role="status">
      <Loader size="sm" aria-hidden />
      <span className="visually-hidden">{t("common.loading")}</span>
    </Center>
  );
}

/** What went wrong, with a way to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const text = useProblemText();
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={text(error)}
      m="md"
    >
      {retry && (
        <Button size="xs" variant="default" onClick={retry}>
          {t("common.try_again")}
        </Button>
      )}
    </Alert>
  );
}

/** A query's three faces in one place; what is in the cache stays on screen while it refreshes. */
export function Loadable<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Waiting />;
}

/** Nothing here, and what could be done about it. */
export function Empty({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: string;
  children?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md">
      <Text fw={600}>{title}</Text>
      {hint && (
        <Text size="sm" c="dimmed" ta="center" maw={420}>
          {hint}
        </Text>
      )}
      {children}
    </Stack>
  );
}
