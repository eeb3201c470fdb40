"""What the lessons' terms mean, in one line each: those of the laboratory's glossary and the few of lessons alone."""

from __future__ import annotations

from mesh_abm.laboratory.glossary import GLOSSARY

OWN: dict[str, str] = {
    "link": "whom a device turns to with a question, for as long as both keep it up; it is used both ways",
    "slot": "room for one link that a device keeps up by itself; it points to another device or to the provider",
    "random network": "a network in which every pair of devices is as likely to be linked as any other",
    "giant component": "a connected group that holds a fixed part of all devices, however many there are",
    "preferential attachment": "partners are met by following links, so the well connected are met more often",
    "generalist": "a device that does all types of work alike",
    "specialist": "a device that does mostly one type of work",
    "index of specialization": "0 if a device does all types of work alike, 1 if it does one only; mean of devices",
    "decay of skill": "by how much the threshold of a type rises in each month in which a device did not work on it",
    "ask": "the price that a device wants for answering a question",
    "use": "the part of a device's capacity that was bought last month",
    "calls": "questions that nobody answered, heard by the devices through which they were passed on",
    "order parameter": "0 if all states are equally frequent, 1 if everybody is in the same state",
    "state": "which of several things a device does; here it tends to do what its neighbors do",
    "hubs": "devices with many more links than the others",
}


def meaning(term: str) -> str:
    """Return the line of a term; KeyError for one that is not there."""
    return OWN[term] if term in OWN else GLOSSARY[term]
