"""Leading-group meetings (001 二(一), 附件): frozen numbers, agenda, comments, decisions, comparison, documents.

A meeting keeps the data version and settings of the moment it was made and the numbers read from them; nothing that was written is
changed afterwards, later words are later rows. No part of it imports Streamlit.
"""
