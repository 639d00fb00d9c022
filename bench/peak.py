"""Runs a command and prints the peak memory of its largest process, in MB, on the last line of stdout."""
import resource
import subprocess
import sys

ended = subprocess.run(sys.argv[1:], stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
sys.exit(ended.returncode)
