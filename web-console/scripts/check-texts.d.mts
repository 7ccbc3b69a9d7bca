type Texts = Record<string, Map<string, string>>;
export function readTexts(): Texts;
export function compare(texts: Texts): string[];
export function asked(source: string): { whole: Set<string>; starts: Set<string> };
export function check(): string[];
