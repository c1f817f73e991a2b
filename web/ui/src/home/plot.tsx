import "uplot/dist/uPlot.min.css";
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Section } from "@/kit/page";
import { timeText } from "@/kit/time";

export interface Line {
  label: string;
  /** the name of a colour of app.css, such as "--accent" */
  color: string;
  values: (number | null)[];
  /** tells lines apart where colours do not */
  dash?: number[];
}

interface PlotProps {
  title: string;
  unit: string;
  /** seconds since 1970 */
  hours: number[];
  lines: Line[];
  draw: "bars" | "lines";
}

const height = 180;

// Half an event there is not.
const wholeSteps = [1, 2, 5]
  .flatMap((n) => Array.from({ length: 10 }, (_, power) => n * 10 ** power))
  .sort((a, b) => a - b);

/** The times below a plot, 14:00; at midnight, and at the first of them, the day below it. */
function hourTexts(ticks: number[], zone: string): string[] {
  const hour = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const day = new Intl.DateTimeFormat("en", { timeZone: zone, month: "short", day: "numeric" });
  return ticks.map((at, i) => {
    const time = hour.format(at * 1000);
    const date = day.format(at * 1000);
    const before = ticks[i - 1];
    const fresh = before === undefined || day.format(before * 1000) !== date;
    return !fresh ? time : time === "00:00" ? date : `${time}\n${date}`;
  });
}

/** A plot over time, with the same figures as a table for who cannot see it or wants them exactly. */
export function Plot({ title, unit, hours, lines, draw }: PlotProps) {
  const { t } = useTranslation("home");
  const [table, setTable] = useState(false);
  return (
    <Section
      title={title}
      actions={
        <Button small aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? t("plots.showPlot") : t("plots.showTable")}
        </Button>
      }
    >
      {table ? (
        <PlotTable title={title} unit={unit} hours={hours} lines={lines} />
      ) : (
        <Canvas title={title} unit={unit} hours={hours} lines={lines} draw={draw} />
      )}
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
        {lines.map((line) => (
          <li key={line.label} className="flex items-center gap-1.5">
            <svg aria-hidden="true" width="22" height="8">
              <line
                x1="0"
                y1="4"
                x2="22"
                y2="4"
                stroke={`var(${line.color})`}
                strokeWidth="3"
                strokeDasharray={line.dash?.join(" ")}
              />
            </svg>
            {line.label}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Canvas({ title, unit, hours, lines, draw }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { t } = useTranslation("home");
  const { time_zone: zone } = useSession();
  useEffect(() => {
    const element = frame.current;
    if (!element) {
      return;
    }
    const colorOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);
    let plot: uPlot | undefined;
    const make = () => {
      plot?.destroy();
      const axis = {
        stroke: colorOf("--muted"),
        grid: { stroke: colorOf("--line"), width: 1 },
        ticks: { show: false },
      };
      plot = new uPlot(
        {
          width: Math.max(120, element.clientWidth),
          height,
          legend: { show: false },
          cursor: { show: false },
          tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
          scales: { y: { range: (_, __, max) => [0, Math.max(1, max ?? 1)] } },
          axes: [
            { ...axis, space: 64, values: (_, ticks) => hourTexts(ticks, zone) },
            {
              ...axis,
              size: 64,
              incrs: wholeSteps,
              values: (_, ticks) => ticks.map((v) => `${v.toLocaleString("en")}${unit}`),
            },
          ],
          series: [
            {},
            ...lines.map((line) => ({
              label: line.label,
              stroke: colorOf(line.color),
              fill: draw === "bars" ? colorOf(line.color) : undefined,
              width: draw === "bars" ? 0 : 2,
              dash: line.dash,
              paths: draw === "bars" ? uPlot.paths.bars?.({ size: [0.7, 40] }) : undefined,
              points: { show: draw === "lines" && hours.length <= 24, size: 5, fill: colorOf(line.color) },
            })),
          ],
        },
        [hours, ...lines.map((line) => line.values)] as uPlot.AlignedData,
        element,
      );
    };
    make();
    const resized = new ResizeObserver(() => plot?.setSize({ width: Math.max(120, element.clientWidth), height }));
    resized.observe(element);
    const themed = new MutationObserver(make); // the class of light and dark
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      plot?.destroy();
    };
  }, [hours, lines, draw, unit, zone]);
  return (
    <div ref={frame} role="img" aria-label={t("plots.seeTable", { title })} className="min-h-45 overflow-hidden" />
  );
}

function PlotTable({ title, unit, hours, lines }: Omit<PlotProps, "draw">) {
  const { t } = useTranslation("home");
  const { time_zone: zone } = useSession();
  return (
    <div className="max-h-60 overflow-auto" tabIndex={0} role="group" aria-label={title}>
      <table className="w-full text-sm tabular-nums">
        <thead className="sticky top-0 bg-surface">
          <tr>
            <th scope="col" className="text-start">
              {t("plots.hour")}
            </th>
            {lines.map((line) => (
              <th scope="col" key={line.label} className="text-end">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {hours.map((hour, i) => (
            <tr key={hour} className="border-t border-line">
              <th scope="row" className="text-start font-normal">
                {timeText(new Date(hour * 1000), zone)}
              </th>
              {lines.map((line) => (
                <td key={line.label} className="text-end">
                  {line.values[i] === null || line.values[i] === undefined
                    ? "–"
                    : `${line.values[i]?.toLocaleString("en")}${unit}`}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
