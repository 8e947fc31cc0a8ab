try:
    int("three")
except ValueError as error:
    error.add_note("in line 3 of 'survey.csv'")
    raise
