"""The product's own settings, with one more address: a view that does nothing but store a row."""

from cxm.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_urls"
