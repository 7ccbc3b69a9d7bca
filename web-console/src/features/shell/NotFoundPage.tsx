import { useTranslation } from "react-i18next";
import { Empty } from "@/ui/Loadable";
import { ButtonLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("shell.not_found")} />
      <Empty title={t("shell.not_found_hint")}>
        <ButtonLink to="/" variant="default">
          {t("shell.go_home")}
        </ButtonLink>
      </Empty>
    </>
  );
}
