"""Reads our exports with pm4py and compares its counts with ours; run by tests/pm4py.

The folder holds log.{json,xml,sqlite,xes}, FORM.mined.json (what `huiliu mine` says of each) and
FORM.said (what the export printed). Every difference is printed; any of them ends it with 1.
"""
import collections
import json
import pathlib
import re
import sys

import jsonschema
import lxml.etree
import pm4py

folder = pathlib.Path(sys.argv[1])
shared = pathlib.Path(sys.argv[2]) / "eventlogs" if len(sys.argv) > 2 and sys.argv[2] else None
READERS = {
    "json": pm4py.read_ocel2_json,
    "xml": pm4py.read_ocel2_xml,
    "sqlite": pm4py.read_ocel2_sqlite,
}
differences = 0
compared = 0


def same(what, ours, theirs):
    """One comparison; the first things that differ are printed."""
    global differences, compared
    compared += 1
    if ours == theirs:
        return
    differences += 1
    if isinstance(ours, dict) and isinstance(theirs, dict):
        keys = [k for k in sorted(set(ours) | set(theirs)) if ours.get(k) != theirs.get(k)]
        for key in keys[:5]:
            print(f"  {what}: {key}: {ours.get(key)!s:.200} and {theirs.get(key)!s:.200}")
        print(f"DIFFERS {what}: {len(keys)} entries")
    else:
        print(f"DIFFERS {what}: {ours!s:.400} and {theirs!s:.400}")


def mined(form):
    return json.loads((folder / f"{form}.mined.json").read_text())


def graph_of(told):
    return {(a, b): n for a, b, n in told["dfg"]}


def of_cases(form, frame):
    """Cases, activities, variants and the directly-follows graph of a table of events."""
    ours = mined(form)
    names = frame["concept:name"]
    cases = frame.groupby("case:concept:name", sort=False)["concept:name"].agg(tuple)
    variants = collections.Counter(cases)
    graph, starts, ends = pm4py.discover_dfg(frame)
    same(f"{form}: events of orders", ours["events"], len(frame))
    same(f"{form}: cases", ours["cases"], len(cases))
    same(f"{form}: activities", ours["activities"], dict(collections.Counter(names)))
    same(f"{form}: variants", ours["variants"], len(variants))
    top = [variants[tuple(v["trace"])] for v in ours["top_variants"]]
    same(f"{form}: cases of the top variants", [v["count"] for v in ours["top_variants"]], top)
    same(f"{form}: start activities", ours["start_activities"], dict(starts))
    same(f"{form}: end activities", ours["end_activities"], dict(ends))
    # Each form against the same facts in another one: what an export loses, all readers miss.
    first = mined("json")
    keys = ["cases", "events", "activities", "variants", "start_activities", "end_activities"]
    same(f"{form}: as in JSON", {k: first[k] for k in keys}, {k: ours[k] for k in keys})
    same(f"{form}: graph as in JSON", graph_of(first), graph_of(ours))
    edges = graph_of(ours)
    same(f"{form}: directly follows", edges, dict(graph))
    same(f"{form}: sum of directly follows", ours["dfg_total"], sum(graph.values()))
    print(
        f"{form}: {len(frame)} events of {len(cases)} orders, {names.nunique()} activities, "
        f"{len(variants)} variants, {len(graph)} edges with {sum(graph.values())} steps"
    )


def of_objects(form, place):
    """An object-centric log: everything in it, and the life of its orders; the place of each event
    in the JSON is the order of events at one time, which tables of SQLite do not keep."""
    log = READERS[form](str(folder / f"log.{form}"))
    said = re.search(r"(\d+) events and (\d+) objects", (folder / f"{form}.said").read_text())
    same(f"{form}: events", int(said[1]), len(log.events))
    same(f"{form}: objects", int(said[2]), len(log.objects))
    source = mined(form)["source"]
    touches = {t["type"]: t["touches"] for t in source["object_types"]}
    objects = {t["type"]: t["objects"] for t in source["object_types"]}
    kinds = log.relations["ocel:type"].value_counts().to_dict()
    same(f"{form}: touches by type of object", {k: n for k, n in touches.items() if n}, kinds)
    same(f"{form}: objects by type", objects, log.objects["ocel:type"].value_counts().to_dict())
    same(f"{form}: all events", source["events_total"], len(log.events))
    print(
        f"{form}: {len(log.events)} events, {len(log.objects)} objects, "
        f"{len(log.relations)} touches"
    )
    if not place:
        place.update({event: at for at, event in enumerate(log.events["ocel:eid"])})
    frame = pm4py.ocel_flattening(log, "order")
    order = frame["ocel:eid"].map(place)
    frame = frame.assign(place=order).sort_values(["case:concept:name", "time:timestamp", "place"])
    of_cases(form, frame.reset_index(drop=True))


def valid():
    """By the public schemas. The one of XML lets no two types have an attribute of one name, as
    every log of theirs has; that rule alone is overlooked."""
    schema = json.loads((shared / "schema_ocel2.json").read_text())
    made = json.loads((folder / "log.json").read_text())
    faults = [e.message[:200] for e in jsonschema.Draft7Validator(schema).iter_errors(made)]
    same("json: faults by schema_ocel2.json", [], faults[:5])
    schema = lxml.etree.XMLSchema(lxml.etree.parse(str(shared / "ocel2-validation.xsd")))
    schema.validate(lxml.etree.parse(str(folder / "log.xml")))
    kept = [e for e in schema.error_log if e.type_name != "SCHEMAV_CVC_IDC"]
    faults = [e.message[:200] for e in kept]
    same("xml: faults by ocel2-validation.xsd", [], faults[:5])
    print("json and xml: valid by the public schemas")


places = {}
for name in READERS:
    of_objects(name, places)
of_cases("xes", pm4py.read_xes(str(folder / "log.xes")))
if shared and shared.is_dir():
    valid()
else:
    print("skipped: no shared data, no public schemas")
print(f"{compared} comparisons, {differences} differences")
sys.exit(1 if differences or compared < 40 else 0)
