"""The pages as a WSGI application."""

import gc
import os
import warnings

from django.core.wsgi import get_wsgi_application

from cxm.postgres import data_folder, ensure_running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
if not os.environ.get("DATABASE_URL"):
    ensure_running(data_folder())
# Static files come from beside the code; the folder of collectstatic may well be absent.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
application = get_wsgi_application()
# What start-up made stays for good: the collector need not walk it again during requests.
gc.collect()
gc.freeze()
