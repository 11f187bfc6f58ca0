from tests.desk.browsers import chromium, pages
from tests.desk.office import office, office_records, served

__all__ = ["chromium", "office", "office_records", "pages", "served"]
