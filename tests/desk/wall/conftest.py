from tests.desk.office import office, office_records

__all__ = ["office", "office_records"]
