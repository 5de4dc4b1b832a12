"""What a person would look for in a picture, measured."""

from __future__ import annotations

from itertools import combinations

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def texts(figure: Figure) -> list[Text]:
    """Every text that shows; the ticks outside an axis's limits do not."""
    shown = []
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and _parents_show(figure, text):
            shown.append(text)
    return shown


def words(figure: Figure) -> str:
    """All that the figure says."""
    return "\n".join(text.get_text() for text in texts(figure))


def named(figure: Figure, gid: str) -> list[Artist]:
    """The artists with a group id."""
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def legend_entries(figure: Figure) -> list[str]:
    """The texts of the figure's legend."""
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def overlaps(figure: Figure) -> list[str]:
    """Pairs of texts that touch each other."""
    boxes = [(text.get_text(), _box(figure, text)) for text in texts(figure)]
    return [
        f"{first!r} meets {second!r}"
        for (first, one), (second, other) in combinations(boxes, 2)
        if one.overlaps(other) and Bbox.intersection(one, other).width > 0.5 < Bbox.intersection(one, other).height
    ]


def cut_off(figure: Figure) -> list[str]:
    """Texts that reach over the figure's edge."""
    whole = figure.bbox
    return [
        text.get_text()
        for text in texts(figure)
        for box in [_box(figure, text)]
        if box.x0 < whole.x0 - 0.5 or box.x1 > whole.x1 + 0.5 or box.y0 < whole.y0 - 0.5 or box.y1 > whole.y1 + 0.5
    ]


def _box(figure: Figure, text: Text) -> Bbox:
    return Text.get_window_extent(text, figure.canvas.get_renderer())


def _parents_show(figure: Figure, text: Text) -> bool:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for tick in (*axis.majorTicks, *axis.minorTicks):
                if text in (tick.label1, tick.label2):
                    low, high = sorted(axis.get_view_interval())
                    inside = low - 1e-9 <= tick.get_loc() <= high + 1e-9
                    return axes.get_visible() and inside and tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
        if text in axes.findobj(Text):
            return axes.get_visible()
    return True
