import { CalendarClock, House, KeyRound, Play, Settings, Workflow } from "lucide-react";

/** The places of the main navigation, in order. */
export const places = [
  { to: "/home", text: "nav.home", icon: House },
  { to: "/workflows", text: "nav.workflows", icon: Workflow },
  { to: "/runs", text: "nav.runs", icon: Play },
  { to: "/events", text: "nav.events", icon: CalendarClock },
  { to: "/authentications", text: "nav.authentications", icon: KeyRound },
  { to: "/settings", text: "nav.settings", icon: Settings },
] as const;
