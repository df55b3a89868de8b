"""The whole program as a process: started, used and quit from outside."""
