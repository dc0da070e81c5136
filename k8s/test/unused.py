#!/usr/bin/python3
"""Prints each permission of a Role that no request of CLUSTER needed. unused.py ROLE.YAML"""
import os
import pathlib
import sys

import yaml

requests = [line.rstrip("\n").split(" ") for line in (pathlib.Path(os.environ["CLUSTER"]) / "uses").open()]
for role in yaml.safe_load_all(pathlib.Path(sys.argv[1]).read_text()):
    for rule in role.get("rules", []):
        for resource in rule["resources"]:
            of_resource = [each for each in requests if each[1] == f"{rule['apiGroups'][0]}/{resource}"]
            for verb in rule["verbs"]:
                for name in rule.get("resourceNames", [""]):
                    if not any(each[0] == verb and name in ("", each[2]) for each in of_resource):
                        print(verb, resource, name)
