"""The Python end of the protocol of engine_session.cpp: one JSON object a line in, one out;
"seconds" is the time of the one call that the request is about.
"""

import json
import os
import sys
import time


def timed(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def serve(session):
    """Answers requests by the session's methods until there are no more."""
    # Answers go to the real standard output; whatever a library prints goes to the error output.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(session, request.pop("do"))(**request)
        except Exception as failure:  # told to the driver, which stops
            answer = {"error": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), file=answers, flush=True)
