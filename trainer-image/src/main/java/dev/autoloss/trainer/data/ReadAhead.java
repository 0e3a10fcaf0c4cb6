package dev.autoloss.trainer.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Runs an iterator's work ahead of its reader, some elements deep, and hands the results out in
 * order. A reader that stops early leaves at most that many elements behind and no thread blocked.
 */
final class ReadAhead<T> implements Iterator<T> {
  private final Iterator<Callable<T>> tasks;
  private final ExecutorService executor;
  private final Deque<Future<T>> ahead = new ArrayDeque<>();

  ReadAhead(Iterator<Callable<T>> tasks, ExecutorService executor, int depth) {
    this.tasks = tasks;
    this.executor = executor;
    for (int i = 0; i < depth; i++) {
      submitNext();
    }
  }

  private void submitNext() {
    if (tasks.hasNext()) {
      ahead.add(executor.submit(tasks.next()));
    }
  }

  @Override
  public boolean hasNext() {
    return !ahead.isEmpty();
  }

  @Override
  public T next() {
    if (ahead.isEmpty()) {
      throw new NoSuchElementException();
    }
    Future<T> first = ahead.remove();
    submitNext();
    try {
      return first.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case DataException wrong -> throw wrong;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(failed.getCause());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
