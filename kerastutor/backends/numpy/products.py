"""Matrix products."""



def matmul(a, b, out):
    out[...] = a @ b


def batch_matmul(a, b, out):
    out[...] = a @ b
