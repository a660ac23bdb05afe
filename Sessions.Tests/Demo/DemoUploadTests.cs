using System.Net;
using NUnit.Framework;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Demo;

/// <summary>The same upload with nothing in the place of anything: the demo, nginx, and a minute and a half.</summary>
[Parallelizable]
[Category(TestCategories.Long)]
public sealed class DemoUploadTests
{
    [Test]
    public async Task Of_two_uploads_whose_token_is_replaced_the_one_within_the_grace_is_taken_and_the_later_one_costs_nothing()
    {
        await using var demo = await DemoProcess.StartAsync([
            "--store",
            "memory",
            "--rotate-after",
            "00:02:01",
            "--rotation-grace",
            "00:00:10",
            "--reuse-window",
            "00:05:00",
        ]);
        await using var nginx = await NginxProcess.StartAsync(demo.Address);
        using var owner = new DemoClient();
        await owner.LogInAsync(nginx.Address, "ann");
        using var old = new DemoClient { Cookie = owner.Cookie };
        using var first = new SlowContent();
        using var second = new SlowContent();
        var firstUpload = old.SendAsync(nginx.Address, HttpMethod.Post, "/api/upload", first);
        var secondUpload = old.SendAsync(nginx.Address, HttpMethod.Post, "/api/upload", second);

        await owner.SendAsync(nginx.Address, HttpMethod.Post, "/api/rotate");
        Assert.That(owner.Cookie, Is.Not.EqualTo(old.Cookie));
        await AssertSignedInAsync(owner, nginx);
        // The second time after a minute shows that the browser certainly has the new cookie.
        await Task.Delay(TimeSpan.FromSeconds(61));
        await AssertSignedInAsync(owner, nginx);
        await Task.Delay(TimeSpan.FromSeconds(5));
        first.SendRest();
        using var taken = await firstUpload;
        await Task.Delay(TimeSpan.FromSeconds(12));
        second.SendRest();
        using var late = await secondUpload;

        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await late.Content.ReadAsStringAsync(), Does.Contain("\"reason\":\"late\""));
        await AssertSignedInAsync(owner, nginx);
        Assert.That(await owner.ListAsync(nginx.Address), Has.Count.EqualTo(1));
        Assert.That(demo.Output, Has.None.Contains(DemoProcess.CopyAlarm));
    }

    private static async Task AssertSignedInAsync(DemoClient owner, NginxProcess nginx) =>
        Assert.That(await owner.StatusAsync(nginx.Address, HttpMethod.Get, "/api/me"), Is.EqualTo(HttpStatusCode.OK));
}
