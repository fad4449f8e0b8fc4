'use client';
// The choice of theme. In: this browser's storage, the system's preference. Out: the class on <html>, a button with three choices.
import DesktopIcon from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import MoonIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import SunIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { type ReactNode, useEffect } from 'react';
import { RadioGroup } from '../ui/choice-group';
import { Disclosure } from '../ui/disclosure';
import { useMediaQuery } from '../ui/use-media-query';
import { useStored } from '../ui/use-stored';
import { DARK_CLASS, decodeTheme, THEME_KEY, type Theme } from './theme';

const ICONS = { light: <SunIcon />, dark: <MoonIcon />, system: <DesktopIcon /> } as const;
const CHOICES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'system', label: 'As the system' },
] as const satisfies readonly { value: Theme; label: string }[];

export function ThemeSwitch(): ReactNode {
  const [theme, choose] = useStored<Theme>(THEME_KEY, 'system', decodeTheme, String);
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)');
  useEffect(() => {
    document.documentElement.classList.toggle(DARK_CLASS, theme === 'dark' || (theme === 'system' && systemDark));
  }, [theme, systemDark]);
  return (
    <Disclosure label={undefined} name="Theme" variant="plain" icon={ICONS[theme]} align="end">
      {() => <RadioGroup legend="Theme" choices={CHOICES} chosen={theme} onChoose={choose} />}
    </Disclosure>
  );
}
