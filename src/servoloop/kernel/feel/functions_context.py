"""The functions of contexts."""

from typing import Any

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.signatures import feel

Context = dict[str, Any]


@feel("get value(m: context, key: string)")
def get_value(m: Context, key: str) -> Any:
    return m.get(key)


@feel("get value(context: context, keys: list)")
def get_value_at(context: Context, keys: list[Any]) -> Any:
    """Follows the keys inwards."""
    found: Any = context
    for key in keys:
        if type(found) is not dict or type(key) is not str:
            return None
        found = found.get(key)
    return found if keys else None


@feel("get entries(m: context)", budgeted=True)
def get_entries(m: Context, *, budget: Budget) -> list[Context]:
    budget.grow(3 * len(m))
    return [{"key": key, "value": value} for key, value in m.items()]


@feel("context(entries: list)", budgeted=True)
def make_context(entries: list[Any], *, budget: Budget) -> Context | None:
    budget.grow(len(entries))
    result: Context = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry:
            return None
        key = entry.get("key")
        if type(key) is not str or key in result:
            return None
        result[key] = entry["value"]
    return result


@feel("context put(context: context, key: string, value: any)", budgeted=True)
def context_put(context: Context, key: str, value: Any, *, budget: Budget) -> Context:
    budget.grow(len(context) + 1)
    return {**context, key: value}


@feel("context put(context: context, keys: list, value: any)", budgeted=True)
def context_put_at(
    context: Context, keys: list[Any], value: Any, *, budget: Budget
) -> Context | None:
    """Replaces along the keys; where they lead out of the contexts, null is put."""
    if not keys or not all(type(key) is str for key in keys):
        return None
    budget.grow(len(context) + 1)
    result = {**context}
    inner: Any = result
    for key in keys[:-1]:
        following = inner.get(key)
        if type(following) is not dict:
            inner[key] = None
            return result
        budget.grow(len(following) + 1)
        inner[key] = {**following}
        inner = inner[key]
    inner[keys[-1]] = value
    return result


@feel("context merge(contexts: list)", budgeted=True)
def context_merge(contexts: list[Any], *, budget: Budget) -> Context | None:
    result: Context = {}
    for context in contexts:
        if type(context) is not dict:
            return None
        budget.grow(len(context))
        result.update(context)
    return result
