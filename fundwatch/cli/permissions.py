"""`permissions`: the matrix of roles, screens and fields as Markdown, for docs/permissions.zh-CN.md."""

from __future__ import annotations

from click import echo

from fundwatch.cli.app import app
from fundwatch.permissions import document


@app.command("permissions", help="打印权限矩阵(角色 × 页面 × 字段),即 docs/permissions.zh-CN.md 的内容。")
def permissions() -> None:
    """Print the document."""
    echo(document(), nl=False)
