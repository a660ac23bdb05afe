namespace Sessions.Testing;

/// <summary>When a call fails or is held.</summary>
public enum FaultMoment
{
    /// <summary>Before the store behind is called: nothing was written.</summary>
    BeforeTheCall,

    /// <summary>After the store behind has done its work: as a timeout after the server applied a write.</summary>
    AfterTheCall,
}
