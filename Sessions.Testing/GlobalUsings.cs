global using Sessions.Stores;
