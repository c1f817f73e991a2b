/** Formats that are offered for a type; what stands in a template is the same text. The labels are texts "format.<id>". */
export interface FormatChoice {
  id: string;
  format: string;
}

const texts: FormatChoice[] = [
  { id: "upper", format: "upper" },
  { id: "lower", format: "lower" },
  { id: "title", format: "title" },
  { id: "trim", format: "trim" },
  { id: "truncate40", format: "truncate 40" },
  { id: "truncate100", format: "truncate 100" },
];

const numbers: FormatChoice[] = [
  { id: "money", format: "money" },
  { id: "number0", format: "number 0" },
  { id: "number2", format: "number 2" },
];

const dates: FormatChoice[] = [
  { id: "dateShort", format: 'date "2 Jan 2006"' },
  { id: "dateLong", format: 'date "Monday, 2 January 2006"' },
  { id: "dateUs", format: 'date "01/02/2006"' },
  { id: "dateIso", format: 'date "2006-01-02"' },
  { id: "dateTime", format: 'date "2 Jan 2006 15:04"' },
  { id: "time", format: 'date "15:04"' },
];

const always: FormatChoice[] = [
  { id: "json", format: "json" },
  { id: "url", format: "url" },
];

/** What a value of a type can be formatted as. */
export function formatsFor(type: string): FormatChoice[] {
  switch (type) {
    case "integer":
    case "number":
    case "decimal":
      return [...numbers, ...always];
    case "datetime":
      return [...dates, ...always];
    case "string":
      return [...texts, ...always];
    case "":
      return [...texts, ...numbers, ...dates, ...always];
    default:
      return always;
  }
}
