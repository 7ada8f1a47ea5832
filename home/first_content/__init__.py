"""What a new site opens with: the article and its companion, the two products, the two guides, the text pages.

Loading again makes what is missing and changes nothing that is there.
"""
