$ErrorView = 'NormalView'
throw 'seen in the other view'
