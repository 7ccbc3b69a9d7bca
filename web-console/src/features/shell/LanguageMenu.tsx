import { Button, Menu } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { changeLanguage, currentLanguage, LANGUAGE_NAMES, LANGUAGES } from "@/i18n";

/** The language before anybody has signed in; afterwards it is a preference of the user. */
export function LanguageMenu() {
  const { t } = useTranslation();
  const language = currentLanguage();
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconLanguage size={16} aria-hidden />}
          aria-label={t("shell.language_now", { name: LANGUAGE_NAMES[language] })}
        >
          {LANGUAGE_NAMES[language]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map((each) => (
          <Menu.Item key={each} lang={each} onClick={() => void changeLanguage(each)}>
            {LANGUAGE_NAMES[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
