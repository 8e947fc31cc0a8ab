import indented
