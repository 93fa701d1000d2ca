// Package hotreload keeps an [evaluate.Store] up to date with the files of a
// directory, so that a program follows its policies without a restart:
//
//	watcher, err := hotreload.Watch(os.DirFS("policies"), hotreload.Options{
//		Observe: func(event hotreload.Event) { log.Print(event) },
//	})
//	if err != nil {
//		log.Fatal(err) // there is nothing yet to fall back on
//	}
//	defer watcher.Close()
//	decision, err := watcher.Store().Load().Decide(caller, request)
//
// The files are read again every few seconds. If their content has changed, a
// directory is built of all of them and swapped in at once: every request sees
// the old set or the new one, and none waits. A set with an error in any file is
// reported and not used; the last good one stays in force until the files are
// good again.
//
// # Several files at a time
//
// A set that changes while it is being read is read again later, and a new set is
// read twice before it is used. Beyond that no watcher can know whether an editor
// has saved the last of several files. If half of a change would be a danger, put
// the whole set in place at once: make a new directory beside the old one and
// rename a symbolic link to it, as Kubernetes does with a ConfigMap.
package hotreload
