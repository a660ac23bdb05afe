using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Stores.Providers;

[CancelAfter(60_000)]
public sealed class DisposableSessionStoreTests
{
    [Test]
    public async Task It_is_disposed_once_and_later_calls_wait_for_the_first()
    {
        var store = new Closing();

        var first = store.DisposeAsync();
        var second = store.DisposeAsync();
        Assert.That((first.IsCompleted, second.IsCompleted), Is.EqualTo((false, false)));
        store.Closed.SetResult();
        await first;
        await second;
        store.Dispose();

        Assert.That(store.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_container_that_is_disposed_synchronously_waits_until_it_is_closed()
    {
        var store = new Closing();
        store.Closed.SetResult();
        var services = new ServiceCollection();
        services.AddSingleton(_ => store);
        using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<Closing>();
        }

        Assert.That(store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task From_the_beginning_of_its_end_calls_are_refused()
    {
        var store = new Closing();
        Assert.That(store.Call, Throws.Nothing);

        var disposing = store.DisposeAsync();

        Assert.That(store.Call, Throws.TypeOf<ObjectDisposedException>());
        store.Closed.SetResult();
        await disposing;
    }

    private sealed class Closing : DisposableSessionStore
    {
        public TaskCompletionSource Closed { get; } = new();

        public int Count { get; private set; }

        public void Call() => ThrowIfDisposed();

        protected override async ValueTask DisposeCoreAsync()
        {
            Count++;
            await Closed.Task;
        }
    }
}
