"""The mathematics of fully connected networks, in NumPy alone; reads top to bottom like a chapter.

In import order: parameters, activations, initializers, normalization, dropout, penalties,
constraints, layers, losses, heads, parts, optimizers, schedules, clipping, network,
gradient_check. The letters are the same everywhere:

``B`` batch, ``D`` inputs, ``H`` units, ``C`` outputs; ``X (B, D)``, ``W (D, H)``, ``b (H,)``,
``Z = X W + b``, ``A = f(Z)``, ``P (B, C)``, ``Y (B, C)``; ``dZ`` is the derivative of the loss of
the batch by ``Z``.
"""
