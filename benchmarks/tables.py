"""The pieces that tables are made of."""


def target_table(targets):
    rows = []
    for told in targets:
        measured = number(told["value"]) + ("" if told["value"] is None else told["unit"])
        rows.append([told["figure"], measured, told["target"], told["verdict"].replace("missed", "**missed**")])
    return grid("figure|measured|target|", rows)


def grid(heads, rows):
    heads = heads.split("|")
    rows = [heads, ["---"] * len(heads), *(row + [""] * (len(heads) - len(row)) for row in rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def failed(row):
    """Why a peer has no figures: it doesn't do such work, or it failed."""
    error = " ".join(row["error"].replace("|", "/").split())
    unable = "NotImplementedError: "
    return error.removeprefix(unable) if error.startswith(unable) else f"failed: {error}"


def number(value):
    """Three significant digits; a dash for nothing."""
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percent(value):
    return "–" if value is None else f"{100 * value:.1f} %"
