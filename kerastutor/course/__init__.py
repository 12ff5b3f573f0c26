"""The course around the library: where its files are, how a student gets a copy, how lessons are checked."""
