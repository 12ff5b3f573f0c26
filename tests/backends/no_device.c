/* A CUDA driver without a device, for test_cuda_driver.py: memory is the host's, kernels do nothing but being counted.

   It has what Numba, cuda-core and kerastutor ask of a driver, each function as NVIDIA's documentation declares it
   (https://docs.nvidia.com/cuda/cuda-driver-api/). What is not here is told to be missing. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef unsigned long long address;
typedef void *handle;
enum { OK = 0, FULL = 2, NOT_FOUND = 500, NOT_IN_CAPTURE = 900 };

static struct { long launches, nodes, graphs, graph_launches, copies, forbidden; } count;
static int capturing;

void told(long *six) { memcpy(six, &count, sizeof count); }

static handle room(size_t size) {
    handle made = NULL;
    if (posix_memalign(&made, 512, size ? size : 1)) return NULL;
    return memset(made, 0, size);
}

static int made(handle *out) { *out = room(16); return OK; }

/* what may not happen while a stream is captured */
static int outside_of_capture(void) {
    count.forbidden += capturing;
    return capturing ? NOT_IN_CAPTURE : OK;
}

/* the driver, the device and its context */
int cuInit(unsigned flags) { return OK; }
int cuDriverGetVersion(int *version) { *version = 12090; return OK; }
int cuDeviceGetCount(int *n) { *n = 1; return OK; }
int cuDeviceGet(int *device, int number) { *device = number; return OK; }
int cuDeviceGetName(char *name, int size, int device) { strncpy(name, "No device", size); return OK; }
int cuDeviceTotalMem_v2(size_t *size, int device) { *size = 1ull << 34; return OK; }
int cuDeviceGetUuid_v2(char *uuid, int device) { memset(uuid, 1, 16); return OK; }
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    switch (attribute) {
    case 75: *value = 9; break;                           /* compute capability 9.0 */
    case 76: *value = 0; break;
    case 1: case 2: case 3: *value = 1024; break;         /* threads of a block */
    case 4: *value = 64; break;
    case 5: *value = 2147483647; break;                   /* blocks of a grid */
    case 6: case 7: *value = 65535; break;
    case 8: *value = 49152; break;                        /* shared memory of a block */
    case 10: *value = 32; break;                          /* threads of a warp */
    case 16: *value = 132; break;                         /* multiprocessors */
    default: *value = 1;
    }
    return OK;
}
int cuDevicePrimaryCtxRetain(handle *context, int device) { *context = (handle)16; return OK; }
int cuDevicePrimaryCtxRelease_v2(int device) { return OK; }
int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active) { *flags = 0; *active = 1; return OK; }
static __thread handle current;
int cuCtxPushCurrent_v2(handle context) { current = context; return OK; }
int cuCtxPopCurrent_v2(handle *context) { if (context) *context = current; current = NULL; return OK; }
int cuCtxGetCurrent(handle *context) { *context = current; return OK; }
int cuCtxSetCurrent(handle context) { current = context; return OK; }
int cuCtxGetDevice(int *device) { *device = 0; return OK; }
int cuCtxSynchronize(void) { return outside_of_capture(); }
int cuGetErrorName(int code, const char **name) { *name = "CUDA_ERROR"; return OK; }
int cuGetErrorString(int code, const char **text) { *text = "an error of the driver without a device"; return OK; }

/* memory */
int cuMemGetInfo_v2(size_t *left, size_t *all) { *left = 1ull << 33; *all = 1ull << 34; return OK; }
int cuMemAlloc_v2(address *out, size_t size) {
    count.forbidden += capturing;
    *out = (address)room(size);
    return *out ? OK : FULL;
}
int cuMemFree_v2(address a) { free((handle)a); return OK; }
int cuMemHostAlloc(handle *out, size_t size, unsigned flags) { *out = room(size); return *out ? OK : FULL; }
int cuMemFreeHost(handle a) { free(a); return OK; }
int cuPointerGetAttribute(handle out, int attribute, address a) { *(address *)out = a; return OK; }
static int copied(handle to, const void *from, size_t size) {
    count.copies++;
    memcpy(to, from, size);
    return outside_of_capture();
}
int cuMemcpyHtoD_v2(address to, const void *from, size_t n) { return copied((handle)to, from, n); }
int cuMemcpyDtoH_v2(handle to, address from, size_t n) { return copied(to, (handle)from, n); }
int cuMemcpyDtoD_v2(address to, address from, size_t n) { return copied((handle)to, (handle)from, n); }
int cuMemcpyHtoDAsync_v2(address to, const void *from, size_t n, handle s) { return copied((handle)to, from, n); }
int cuMemcpyDtoHAsync_v2(handle to, address from, size_t n, handle s) { return copied(to, (handle)from, n); }
int cuMemcpyDtoDAsync_v2(address to, address from, size_t n, handle s) { return copied((handle)to, (handle)from, n); }

/* streams and events */
int cuStreamCreate(handle *stream, unsigned flags) { return made(stream); }
int cuStreamCreateWithPriority(handle *stream, unsigned flags, int priority) { return made(stream); }
int cuStreamDestroy_v2(handle stream) { return OK; }
int cuStreamSynchronize(handle stream) { return outside_of_capture(); }
int cuStreamWaitEvent(handle stream, handle event, unsigned flags) { return OK; }
int cuEventCreate(handle *event, unsigned flags) { return made(event); }
int cuEventRecord(double *event, handle stream) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    *event = now.tv_sec * 1e3 + now.tv_nsec / 1e6;
    return OK;
}
int cuEventSynchronize(handle event) { return outside_of_capture(); }
int cuEventQuery(handle event) { return OK; }
int cuEventElapsedTime(float *milliseconds, double *a, double *b) { *milliseconds = *b - *a; return OK; }
int cuEventDestroy_v2(handle event) { return OK; }

/* kernels */
int cuLibraryLoadData(handle *library, const void *code, handle a, handle b, unsigned n, handle c, handle d,
                      unsigned m) { return made(library); }
int cuLibraryUnload(handle library) { return OK; }
int cuLibraryGetKernel(handle *kernel, handle library, const char *name) { *kernel = strdup(name); return OK; }
int cuLibraryGetModule(handle *module, handle library) { *module = library; return OK; }
int cuModuleLoadDataEx(handle *module, const void *code, unsigned n, handle a, handle b) { return made(module); }
int cuModuleUnload(handle module) { return OK; }
int cuModuleGetFunction(handle *function, handle module, const char *name) { *function = strdup(name); return OK; }
int cuModuleGetGlobal_v2(address *a, size_t *size, handle module, const char *name) { return NOT_FOUND; }
int cuKernelGetFunction(handle *function, handle kernel) { *function = kernel; return OK; }
int cuKernelGetAttribute(int *value, int attribute, handle kernel, int device) { *value = 32; return OK; }
int cuFuncGetAttribute(int *value, int attribute, handle function) { *value = 32; return OK; }
int cuFuncSetAttribute(handle function, int attribute, int value) { return OK; }
static int launched(void) {
    capturing ? count.nodes++ : count.launches++;
    return OK;
}
int cuLaunchKernel(handle function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, handle stream, handle *arguments, handle *extra) { return launched(); }
int cuLaunchKernelEx(handle settings, handle function, handle *arguments, handle *extra) { return launched(); }

/* graphs */
int cuStreamBeginCapture_v2(handle stream, int mode) {
    capturing = 1;
    count.nodes = 0;
    return OK;
}
int cuStreamIsCapturing(handle stream, int *status) { *status = capturing; return OK; }
int cuStreamEndCapture(handle stream, handle *graph) {
    capturing = 0;
    made(graph);
    **(long **)graph = count.nodes;
    return OK;
}
int cuGraphGetNodes(long *graph, handle *nodes, size_t *n) { *n = *graph; return OK; }
int cuGraphInstantiateWithFlags(handle *out, handle graph, address flags) { count.graphs++; return made(out); }
int cuGraphLaunch(handle graph, handle stream) { count.graph_launches++; return OK; }
int cuGraphDestroy(handle graph) { free(graph); return OK; }
int cuGraphExecDestroy(handle graph) { free(graph); return OK; }

/* how NVIDIA's binding finds all these: by names without their versions */
int cuGetProcAddress_v2(const char *name, handle *out, int version, address flags, int *status) {
    static handle self;
    char versioned[128];
    Dl_info where;
    if (!self && dladdr((handle)told, &where)) self = dlopen(where.dli_fname, RTLD_NOW);
    if (!strcmp(name, "cuGraphInstantiate")) name = "cuGraphInstantiateWithFlags";
    snprintf(versioned, sizeof versioned, "%s_v2", name);
    *out = dlsym(self, versioned);
    if (!*out) *out = dlsym(self, name);
    if (status) *status = *out ? 0 : 1;
    return OK;
}
int cuGetProcAddress(const char *name, handle *out, int version, address flags) {
    return cuGetProcAddress_v2(name, out, version, flags, NULL);
}
