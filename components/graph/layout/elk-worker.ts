// ELK's own worker, under a name of ours so that the build finds it. In and out: the messages of elkjs.
import 'elkjs/lib/elk-worker.min.js';
