"""Pictures on their way from the article to the output: found, fetched, kept, changed, put in their place.

local       those beside an article and inside its addresses
remote      those on the web, by the `Fetcher` of `fetch`
guard       which addresses may be fetched; `transport` opens the sockets, `body` reads what comes
hosts       what is known about hosts, as data; `manners` how they are treated
store       where the bytes are kept
images      decoding and changing them, with Pillow; `svg` for drawings
prepare     in a form that the target can show
policy      what a user asks for; `budget` for an output of a given size
output      a document into a file, with all of that
documents   a step for each article of a book

What the bytes of a picture say of themselves is in the package `pictures`, which everybody may ask.
"""
