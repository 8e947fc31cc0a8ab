class Invalid(Exception):
    pass


raise Invalid("2 errors in 'survey.csv'\nline 3: no price\nline 9: no name")
