def close(connection):
    connection.close()


try:
    1 / 0
except ZeroDivisionError:
    close(None)
