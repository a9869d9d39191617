import type { Path } from '../yaml/document.ts';
import type { DashboardWidget } from './dashboard.ts';
import { field, list, number, record } from './loose.ts';
import { readWidget, type Warn } from './widget.ts';

interface Placed {
  columns: number;
  widgets: DashboardWidget[];
}

const mosaicColumns = 48;
const gridColumns = 2;
const rowHeight = 16;

/** Widgets of the one layout a dashboard has, each with its place; null when it has none of the four. */
export function readLayout(document: Record<string, unknown>, warn: Warn): Placed | null {
  if (record(document.mosaicLayout)) return mosaic(document.mosaicLayout, warn);
  if (record(document.gridLayout)) return grid(document.gridLayout, warn);
  if (record(document.rowLayout)) return lanes(document.rowLayout, 'rows', ['rowLayout', 'rows'], warn);
  if (record(document.columnLayout)) return lanes(document.columnLayout, 'columns', ['columnLayout', 'columns'], warn);
  return null;
}

/** Tiles with explicit places; a missing xPos or yPos is 0, as protobuf JSON leaves zeros out. */
function mosaic(layout: unknown, warn: Warn): Placed {
  const columns = number(field(layout, 'columns')) ?? mosaicColumns;
  const widgets = list(field(layout, 'tiles')).map((tile, index) => ({
    ...readWidget(field(tile, 'widget'), ['mosaicLayout', 'tiles', index, 'widget'], warn),
    x: number(field(tile, 'xPos')) ?? 0,
    y: number(field(tile, 'yPos')) ?? 0,
    width: number(field(tile, 'width')) ?? 1,
    height: number(field(tile, 'height')) ?? 1,
  }));
  for (const [index, { x, width }] of widgets.entries())
    if (x + width > columns)
      warn(
        ['mosaicLayout', 'tiles', index],
        `This tile reaches column ${x + width} of ${columns}.`,
        'Make it narrower.',
      );
  return { columns, widgets };
}

function grid(layout: unknown, warn: Warn): Placed {
  const columns = Math.max(1, number(field(layout, 'columns')) || gridColumns);
  const widgets = list(field(layout, 'widgets')).map((widget, index) => ({
    ...readWidget(widget, ['gridLayout', 'widgets', index], warn),
    x: index % columns,
    y: Math.floor(index / columns),
    width: 1,
    height: 1,
  }));
  return { columns, widgets };
}

/** Rows or columns of widgets that share their lane evenly. */
function lanes(layout: unknown, key: 'rows' | 'columns', path: Path, warn: Warn): Placed {
  const groups = list(field(layout, key));
  const share = (count: number) => mosaicColumns / Math.max(1, count);
  const widgets = groups.flatMap((group, lane) => {
    const members = list(field(group, 'widgets'));
    return members.map((widget, index) => ({
      ...readWidget(widget, [...path, lane, 'widgets', index], warn),
      ...(key === 'rows'
        ? { x: index * share(members.length), y: lane * rowHeight, width: share(members.length), height: rowHeight }
        : { x: lane * share(groups.length), y: index * rowHeight, width: share(groups.length), height: rowHeight }),
    }));
  });
  return { columns: mosaicColumns, widgets };
}
