// Light, dark or as the system: where the choice is kept and how it reaches the page before the first paint.
// In: this browser's storage. Out: the script for <head>, the key, the class. Pure text.

export const THEMES = ['light', 'dark', 'system'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_KEY = 'heddle.theme';
/** PatternFly 6 switches all of its tokens by this class on <html>. */
export const DARK_CLASS = 'pf-v6-theme-dark';

export const decodeTheme = (text: string): Theme | null => THEMES.find((theme) => theme === text) ?? null;

/** Runs inline before paint (with the nonce of the page), so that a dark page never flashes white. */
export const THEME_SCRIPT = `(function(){try{var t=localStorage.getItem('${THEME_KEY}')}catch(e){}
document.documentElement.classList.toggle('${DARK_CLASS}',t==='dark'||(t!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches))})()`;
