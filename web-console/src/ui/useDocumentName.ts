import { useEffect } from "react";

/** The window's title has two authors: the page, and a ringing call that goes before it. */
let page = "";
let notice = "";

function show(): void {
  const parts = [notice, page, "Centralita"].filter(Boolean);
  document.title = parts.join(" · ");
}

export function useDocumentName(name: string): void {
  useEffect(() => {
    page = name;
    show();
  }, [name]);
}

/** Goes before the page's name while it is not empty. */
export function useDocumentNotice(text: string): void {
  useEffect(() => {
    notice = text;
    show();
    return () => {
      notice = "";
      show();
    };
  }, [text]);
}
