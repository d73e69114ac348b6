"""M/M/5 at a load of 0.8 in SimPy 2.3.1, with the mean wait and the resource's tallies: customers per CPU second.

Arguments: customers, seed. Prints customers per CPU second of the run and the mean wait in service times.
"""
import random
import sys
import time

from SimPy.Simulation import (Process, Resource, Tally, activate, hold, initialize, now, release, request, simulate)


class Customer(Process):
    def visit(self, server, waits):
        since = now()
        yield request, self, server
        waits.observe(now() - since)
        yield hold, self, random.expovariate(1.0)
        yield release, self, server


class Source(Process):
    def generate(self, customers, server, waits):
        for _ in range(customers):
            customer = Customer()
            activate(customer, customer.visit(server, waits))
            yield hold, self, random.expovariate(4.0)


customers = int(sys.argv[1])
random.seed(int(sys.argv[2]))
initialize()
server = Resource(5, monitored=True, monitorType=Tally)
waits = Tally()
source = Source()
activate(source, source.generate(customers, server, waits))
start = time.process_time()
simulate(until=1e12)
print(customers / (time.process_time() - start), waits.mean())
