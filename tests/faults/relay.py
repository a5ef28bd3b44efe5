"""The network between segue and the server, which knows where in its plan segue is and lets a fault happen at a moment of it."""

import re
import threading
import time

from lib.network import Network

_STEP = re.compile(rb"(?:check|expand|backfill|verify|activate|contract)/\d+[\w/%.-]*")
BEFORE, MEANWHILE, ANSWERED = "before it arrives", "while the server works on it", "before its answer arrives"
MOMENTS = (BEFORE, MEANWHILE, ANSWERED)
_LOOK = 0.01
_MANY = 3  # steps


class Moment:
    """When a fault happens: so many messages after a command has come to a step of its plan, or with the last of the step's."""

    def __init__(self, order, place, messages, when):
        self.order = order  # the steps of the command, in the order in which it comes to them
        self.place = place  # which of them
        self.messages = messages
        self.when = when

    @property
    def step(self):
        return self.order[self.place] if self.order else "verify"

    def __str__(self):
        return f"{self.step}, message {self.messages} {self.when}"


class Relay(Network):
    """Holds what is sent while a fault is brought about."""

    def __init__(self, server, listening=None):
        super().__init__(server, 0, listening)
        self.delay = 0  # seconds that each message takes
        self.hole = False  # nothing arrives
        self.heard = 0  # messages that told of a step
        self.problem = None  # of bringing a fault about
        self._lock = threading.Lock()
        self._moment = self._fault = None
        self._reached = -1  # the last step that was heard of
        self._count = 0
        self._order = []

    def expect(self, order):
        """A command begins, with these steps."""
        with self._lock:
            self._moment, self._reached, self._order = None, -1, order

    def arm(self, moment, fault):
        """fault(link) is called at the moment, in a thread of the relay."""
        with self._lock:
            self._moment, self._fault, self._count = moment, fault, 0

    def disarm(self):
        with self._lock:
            self._moment = None

    def to_server(self, link, data):
        self._pass(link)
        moment = self._due(data)
        if moment and moment.when == BEFORE:
            self._strike(link)
        link.far.sendall(data)
        if moment and moment.when == ANSWERED:
            link.held = True
        elif moment and moment.when == MEANWHILE:
            self._strike(link)

    def to_program(self, link, data):
        self._pass(link)
        if getattr(link, "held", False):
            link.held = False
            self._strike(link)
        super().to_program(link, data)

    def _pass(self, link):
        if self.delay:
            time.sleep(self.delay)
        while self.hole and link in self.links:
            time.sleep(_LOOK)

    def _due(self, data):
        """The moment, when it has come with this message."""
        with self._lock:
            heard = max((self._order.index(name) for name in self._names(data)), default=-1)
            self.heard += heard >= 0
            moment = self._moment
            due = False
            if moment and self._reached >= moment.place - 1:
                self._count += 1
                due = self._count >= moment.messages or heard > moment.place
            self._reached = max(self._reached, heard)
            if due:
                self._moment = None
            return moment if due else None

    def _names(self, data):
        """The steps that a message tells of, without what is added for lanes and chunks. One that tells of many is the plan, stored."""
        names = set()
        for found in _STEP.findall(data):
            name = found.decode()
            while name and name not in self._order:
                name = name.rpartition("/")[0]
            names.add(name)
        names.discard("")
        return names if len(names) < _MANY else ()

    def _strike(self, link):
        try:
            self._fault(link)
        except Exception as error:  # pylint: disable=broad-except
            self.problem = error
