"""A process that answers requests, one JSON object a line."""

import json
import subprocess


class Session:
    def __init__(self, command):
        self.name = command[0]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what, **request):
        self.process.stdin.write(json.dumps({"do": what, **request}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended while it was asked to {what}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{self.name}, asked to {what}: {answer['error']}")
        return answer

    def seconds(self, what, **request):
        return self.ask(what, **request)["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
