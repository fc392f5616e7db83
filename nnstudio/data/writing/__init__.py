"""Digits written by a generator: ways, hands, pens, tablets and paper."""
