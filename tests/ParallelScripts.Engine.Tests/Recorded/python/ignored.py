class Connection:
    def __del__(self):
        raise OSError("cannot be closed")


connection = Connection()
raise ValueError("the reason")
