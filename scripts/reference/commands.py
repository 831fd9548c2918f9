"""`commands.md`: every sub-command with its arguments, options and what they do."""

from __future__ import annotations

import importlib

import click

from kaishu.base import i18n
from kaishu.cli.main import COMMANDS
from reference.markdown import MADE, table, table_row

OPTION_TYPES = {
    "integer range": "整数", "integer": "整数", "text": "文字", "directory": "文件夹", "path": "路径", "file": "文件",
    "datetime": "YYYY-MM-DD",
}  # fmt: skip

ABOUT_COMMANDS = (
    "命令都用 `.venv/bin/kaishu` 调用（已激活虚拟环境时用 `kaishu`）。"
    "任何命令加 `--help` 显示说明。退出码：0 完成，1 有错误或未完成，2 用法不对，3 法规未规定。"
)


def commands() -> str:
    """Every sub-command with its arguments, options and what they do."""
    lines = ["# 命令", "", MADE, "", ABOUT_COMMANDS, ""]
    for name, summary in COMMANDS.items():
        command = importlib.import_module(f"kaishu.cli.{name}").command
        lines += command_section(command, f"kaishu {name}", i18n.gettext(summary), 2)
    return "\n".join(lines)


def command_section(command: click.Command, name: str, summary: str, level: int) -> list[str]:
    """One command, and its own sub-commands below it."""
    context = click.Context(command, info_name=name)
    pieces = [
        one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)
    ]
    inner = ["命令"] if isinstance(command, click.Group) else []
    usage = " ".join([name, *inner, *pieces, "[选项]"])
    text = " ".join((command.help or summary).split())
    lines = [f"{'#' * level} `{name}`", "", text, "", "```", usage, "```", ""]
    options = [
        one for one in command.params if isinstance(one, click.Option) and one.name != "help"
    ]
    if options:
        lines += table(("选项", "作用", "默认"))
        for option in options:
            lines += table_row(f"`{option_form(option)}`", option.help or "", default_of(option))
        lines.append("")
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                lines += command_section(
                    found, f"{name} {inner}", found.short_help or "", level + 1
                )
    return lines


def option_form(option: click.Option) -> str:
    """`--port INTEGER`, or a flag's name alone."""
    names = ", ".join(option.opts)
    if option.is_flag:
        return names
    kind = option.metavar
    if kind is None and isinstance(option.type, click.Choice):
        kind = "|".join(map(str, option.type.choices))
    return f"{names} {kind or OPTION_TYPES[option.type.name]}"


def default_of(option: click.Option) -> str:
    """The default as one would type it; empty where the help says it in words."""
    if option.required:
        return "必填"
    shown = option.default if isinstance(option.default, str | int) else None
    return "" if option.is_flag or shown in (None, "") else f"`{shown}`"
