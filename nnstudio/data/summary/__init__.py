"""What samples are like before anything learns from them: plain numbers over rows of a data set."""
