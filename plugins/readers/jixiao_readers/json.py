"""Canonical JSON in: what jixiao itself wrote, or another program by the same schema."""

from jixiao.head import Head
