"""What the parts of a dialplan are made of: the kinds of values, and the model that they share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator
from pydantic.json_schema import WithJsonSchema

from voicebot.dialplan import shapes, values

# The second half of each is what editors see: their YAML turns `no`, `08:30` and `+31…` into other things than text.
Identifier = Annotated[str, StringConstraints(pattern=r"^\w[\w-]*$")]
Telephone = Annotated[str, AfterValidator(values.telephone), WithJsonSchema(shapes.TELEPHONE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), WithJsonSchema(shapes.TEXT)]
Name = Annotated[str, WithJsonSchema(shapes.TEXT)]
Flag = Annotated[bool, WithJsonSchema(shapes.FLAG)]
TeamName = Annotated[str, WithJsonSchema(shapes.TEAM)]
Closed = Annotated[str, WithJsonSchema(shapes.CLOSED)]
Workflow = Annotated[str, AfterValidator(values.workflow), WithJsonSchema(shapes.WORKFLOW)]
Seconds = Annotated[
    int,
    BeforeValidator(lambda value: values.seconds(value) if isinstance(value, str) else value),
    WithJsonSchema(shapes.DURATION),
]
SecondsOrNever = Annotated[
    int | None,
    BeforeValidator(lambda value: values.seconds_or_never(value) if isinstance(value, str) else value),
    WithJsonSchema(shapes.DURATION_OR_NEVER),
]
Kept = Annotated[
    timedelta | None,
    BeforeValidator(lambda value: values.keep_for(value) if isinstance(value, str) else value),
    WithJsonSchema(shapes.KEPT),
]
Days = Annotated[str, AfterValidator(lambda text: values.day_names(text) and text)]
Day = Annotated[date, BeforeValidator(lambda day: values.calendar_day(day) if isinstance(day, str) else day)]
Times = Annotated[tuple[values.Range, ...], BeforeValidator(values.opening_times), WithJsonSchema(shapes.TIMES)]


class Part(BaseModel):
    """A part of a dialplan: cannot change, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty_options(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or cls._needs(key)}

    @classmethod
    def _needs(cls, key: str) -> bool:
        return key not in cls.model_fields or cls.model_fields[key].is_required()
