"""A customer system as many companies have one: JSON by REST, a bearer token, a search, and a record by its id."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from tests.systems.servers import Reply, Request

TOKEN = "letmein-4711"
YAML = """
customer_systems:
  crm:
    lookups:
      phone: {{url: "{url}/customers?phone={{phone}}", customers: results}}
      number: {{url: "{url}/customers?number={{number}}", customers: results}}
      id: "{url}/customers/{{id}}"
      search: {{url: "{url}/customers?q={{text}}", customers: results}}
    authentication: {{kind: bearer, secret: CRM_TOKEN}}
    time_limit: 10s
    fields:
      id: uuid
      number: customer_no
      name: [person.initials, person.last_name]
      phones: contact.phones.*.number
      email: contact.email
      address: [home.street, home.house]
      postcode: home.postcode
      city: home.city
      notes: remarks
      billing: {{Laatste factuur: invoices.0.amount}}
      details: {{Klant sinds: since, Nieuwsbrief: newsletter}}
"""


class Crm:
    """The system's customers, by uuid. Numbers are kept there as people write them."""

    def __init__(self, rows: str) -> None:
        self.people = {record["uuid"]: record for record in _records(rows)}

    def __call__(self, request: Request) -> Reply:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "unauthorized"}
        if request.path.startswith("/customers/"):
            one = self.people.get(request.path.removeprefix("/customers/"))
            return (200, one) if one else (404, {"error": "not found"})
        if request.path == "/customers":
            return 200, {"results": [one for one in self.people.values() if _fits(one, request.query)]}
        return 404, {"error": "not found"}


def _fits(one: dict[str, Any], query: dict[str, str]) -> bool:
    if "phone" in query:
        numbers = [phone["number"].replace("06-", "+316").replace(" ", "") for phone in one["contact"]["phones"]]
        return query["phone"] in numbers
    if "number" in query:
        return bool(one["customer_no"] == query["number"])
    text = f"{one['person']['last_name']} {one['home']['postcode']}".casefold()
    return query.get("q", "").casefold() in text


def _records(rows: str) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(csv.DictReader(io.StringIO(rows)), 1):
        initials, _, last = row["name"].partition(" ")
        street, _, house = row["address"].rpartition(" ")
        yield {
            "uuid": f"5f-{number}",
            "customer_no": row["customer_number"],
            "person": {"initials": initials, "last_name": last},
            "contact": {
                "phones": [{"number": _written(phone)} for phone in row["phones"].split(";") if phone],
                "email": row["email"],
            },
            "home": {"street": street, "house": house, "postcode": row["postcode"], "city": row["city"]},
            "remarks": row["notes"],
            "invoices": [{"amount": row["billing.Laatste factuur"]}],
            "since": int(row["Klant sinds"]),
            "newsletter": None,
        }


def _written(phone: str) -> str:
    return f"06-{phone[4:8]} {phone[8:]}"
